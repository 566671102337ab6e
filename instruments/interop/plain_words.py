#!/usr/bin/env python3
"""The words that strangers' programs send to each model, over a plain socket: short and long forms,
in any case, chained, with spaces where people put them. A question must be answered, a command must
leave no error. The lists say what the twins are held to, not all that the instruments understand."""

import re
import socket

from checks import Client


def words(text):
    """A line each, or apart by ` | `."""
    return [word.strip() for line in text.strip().splitlines() for word in line.split(" | ")]


#: Words for every instrument that speaks SCPI.
COMMON = words(
    """
    *CLS | *idn? | *ESR? | *STB? | *OPC? | *OPC | *WAI | *ESE 0 | *ESE? | *SRE 0 | *SRE? | *TST? | SYST:ERR?
    system:error:next? | SYST:VERS? | *CLS;*OPC?
    """
)

#: Words of every instrument that keeps the standard's status registers.
STATUS = words(
    """
    STAT:QUES? | STAT:QUES:COND? | STAT:QUES:ENAB 0 | STAT:QUES:ENAB? | STAT:OPER?
    status:operation:condition? | STAT:OPER:ENAB 0 | STAT:OPER:ENAB? | STAT:PRES
    """
)

SUPPLY = words(
    """
    VOLT 5 | VOLT? | voltage? | SOUR:VOLT 5.0 | :SOURce:VOLTage:LEVel:IMMediate:AMPLitude 5
    :SOUR:VOLT:LEV:IMM:AMPL? | CURR 1 | CURR? | SOURCE:CURRENT? | CURR:LEV? | VOLT? MAX | VOLT? MIN
    CURR? MAX | CURR? MIN | VOLT 5;CURR 1 | VOLT 5; :CURR 1 | MEAS:VOLT? | MEAS:CURR? | meas:volt:dc?
    MEASure:SCALar:CURRent:DC? | OUTP OFF | OUTP:STAT OFF | OUTP 0 | OUTP? | output:state?
    """
)

#: Words of both generations of the scanning meter.
SCANNER = words(
    """
    ROUT:SCAN (@101:103) | ROUT:SCAN? | ROUT:SCAN:SIZE? | ROUT:CHAN:DEL 0.01,(@101) | ROUT:CHAN:DEL? (@101)
    ROUT:CHAN:DEL:AUTO ON,(@101) | ROUT:CLOS (@101) | ROUT:CLOS? (@101) | ROUT:OPEN (@101)
    ROUT:CLOS:EXCL (@101) | ROUT:DONE? | ROUT:MON (@101) | ROUT:MON? | ROUT:MON:STAT OFF | ROUT:MON:STAT?
    MEAS:VOLT:DC? (@101) | MEAS:VOLT:DC? 10,0.001,(@101:103) | MEAS:TEMP? TC,K,(@101) | MEAS:RES? (@101)
    MEAS:FRES? (@101) | MEAS:FREQ? (@101) | CONF:VOLT:DC (@101:103) | CONF:VOLT:DC 10,0.001,(@101)
    CONF? (@101) | CONF:TEMP TC,T,(@102) | CONF:TEMP RTD,85,(@103) | CONF:TEMP THER,5000,(@103)
    CONF:RES 1000,(@103) | SENS:VOLT:DC:NPLC 1,(@101) | VOLT:DC:NPLC? (@101) | SENS:FUNC "VOLT:DC",(@101)
    FUNC? (@101) | VOLT:DC:RANG 10,(@101) | VOLT:DC:RANG? (@101) | VOLT:DC:RANG:AUTO ON,(@101)
    SENS:TEMP:TRAN:TC:TYPE K,(@102) | TEMP:TRAN:TYPE? (@102) | TEMP:TRAN:TC:RJUN:TYPE INT,(@102)
    UNIT:TEMP C,(@102) | UNIT:TEMP? (@102) | ZERO:AUTO? (@101) | FORM:READ:CHAN ON | FORM:READ:CHAN?
    FORM:READ:TIME OFF | FORM:READ:TIME:TYPE ABS | FORM:READ:UNIT OFF | FORM:READ:ALAR? | TRIG:SOUR IMM
    TRIG:SOUR? | TRIG:COUN 1 | TRIG:COUN? | TRIG:TIM 1 | TRIG:TIM? | INIT | FETC? | READ? | DATA:POIN?
    SYST:CTYP? 100 | SYST:DATE? | SYST:TIME? | SYST:CPON 1 | SYST:LOC | SYST:LFR? | DISP ON | DISP?
    DISP:TEXT "x" | DISP:TEXT? | DISP:TEXT:CLE | DIAG:REL:CYCL? (@101) | INST:DMM? | INST:DMM ON
    STAT:OPER:COND? | ABOR | *SAV 1 | *RCL 1
    """
)

WORDS = {
    "keysight-e36312a": SUPPLY + STATUS + words(
        """
        INST:NSEL 1 | INST:NSEL? | INST:SEL CH2 | INST:SEL? | INST CH1 | INST? | INST P6V | APPL CH1,5,1
        APPL? CH1 | APPL 3,0.5 | APPL? | VOLT 5,(@1) | VOLT? (@1) | VOLT? (@1,2) | VOLT? (@1:3) | CURR 1,(@1:3)
        CURR? (@1,3) | MEAS:VOLT? (@1:3) | MEAS:CURR? (@2) | MEAS:VOLT? CH1 | MEAS:CURR? CH1 | OUTP OFF,(@1:3)
        OUTP? (@1:3) | VOLT:PROT 6,(@1) | VOLT:PROT? (@1) | VOLT:PROT:LEV? | VOLT:PROT:STAT ON
        VOLT:PROT:TRIP? (@1) | VOLT:PROT:CLE (@1) | CURR:PROT:STAT OFF,(@1) | CURR:PROT:STAT? (@1)
        CURR:PROT:TRIP? (@1) | CURR:PROT:CLE (@1) | CURR:PROT:DEL 0.1,(@1) | CURR:PROT:DEL? (@1)
        OUTP:PROT:CLE (@1) | OUTP:PAIR OFF | OUTP:PAIR? | OUTP:TRAC OFF | OUTP:TRAC? | VOLT:SENS INT,(@1)
        VOLT:SENS? (@1) | VOLT:SLEW 100,(@1) | VOLT:SLEW? (@1) | OUTP:DEL:RISE 0,(@1) | OUTP:DEL:FALL? (@1)
        STAT:QUES:INST:ISUM1:COND? | STAT:QUES:INST? | SYST:REM | SYST:LOC | SYST:RWL | SYST:BEEP
        DISP:TEXT "x" | DISP:TEXT:CLE | DISP ON | DISP? | *SAV 1 | *RCL 1 | *OPT? | TRIG:SOUR IMM | TRIG:SOUR?
        VOLT:TRIG 5,(@1) | VOLT:MODE FIX,(@1) | VOLT:MODE? (@1) | CURR:TRIG? (@1) | INIT (@1)
        SYST:COMM:RLST REM | SYST:COMM:RLST? | FETC:VOLT? (@1) | FETC:CURR? (@1) | VOLT:STEP 0.1 | VOLT:STEP?
        CURR:RANG? (@1) | OUTP:PROT:WDOG:DEL 60 | OUTP:PROT:WDOG:DEL? | OUTP:PROT:WDOG OFF
        OUTP:PROT:WDOG:STAT?
        """
    ),
    "rigol-dp832": SUPPLY + STATUS + words(
        """
        :APPL CH1,5,1 | :APPL? CH1 | :APPL? CH1,VOLT | :APPL? CH1,CURR | :APPL? | :INST CH1 | :INST?
        :INST:SEL CH2 | :INST:NSEL 1 | :INST:NSEL? | :MEAS:ALL? CH1 | :MEAS:ALL? | :MEAS? CH1 | :MEAS:VOLT? CH1
        :MEAS:CURR? CH2 | :MEAS:POWE? CH1 | :OUTP CH1,OFF | :OUTP? CH1 | :OUTP:STAT CH1,OFF | :OUTP:STAT? CH2
        :OUTP:MODE? CH1 | :OUTP:CVCC? CH1 | :OUTP:OVP CH1,OFF | :OUTP:OVP? CH1 | :OUTP:OVP:STAT CH1,ON
        :OUTP:OVP:VAL CH1,8.8 | :OUTP:OVP:VAL? CH1 | :OUTP:OVP:QUES? CH1 | :OUTP:OVP:ALAR? CH1
        :OUTP:OVP:CLEAR CH1 | :OUTP:OCP CH1,ON | :OUTP:OCP? CH1 | :OUTP:OCP:VAL CH1,2 | :OUTP:OCP:VAL? CH1
        :OUTP:OCP:VAL? CH1,MAX | :OUTP:OCP:QUES? CH1 | :OUTP:OCP:CLEAR CH1 | :OUTP:SENS? CH1 | :OUTP:TRAC? CH1
        :OUTP:TIMER CH1,OFF | :OUTP:TIMER? CH1 | :SOUR1:VOLT 5 | :SOUR1:VOLT? | :SOUR2:CURR 1 | :SOUR2:CURR?
        :SOUR1:VOLT:PROT 8 | :SOUR1:VOLT:PROT? | :SOUR1:VOLT:PROT:STAT ON | :SOUR1:VOLT:PROT:STAT?
        :SOUR1:VOLT:PROT:TRIP? | :SOUR1:VOLT:PROT:CLE | :SOUR1:CURR:PROT 3 | :SOUR1:CURR:PROT?
        :SOUR1:CURR:PROT:STAT? | :SOUR1:CURR:PROT:TRIP? | :SOUR1:CURR:PROT:CLE | :SOUR1:VOLT:STEP?
        :SOUR:VOLT:STEP 0.1 | :SOUR1:VOLT:TRIG? | :SYST:REM | :SYST:LOC | :SYST:RWL | :SYST:BEEP:STAT OFF
        :SYST:BEEP? | :SYST:BEEP:IMM | :SYST:OTP? | :SYST:OTP ON | :SYST:TRACKM? | :SYST:TRACKM INDE
        :SYST:SELF:TEST:BOARD? | :SYST:LANG:TYPE? | :SYST:KLOC:STAT? | :SYST:ONOFFS? | *OPT? | *SAV 1 | *RCL 1
        :STAT:QUES:INST:ISUM1:COND? | :STAT:QUES:INST:ISUM1? | :DISP:TEXT "x" | :DISP:TEXT:CLE | :DISP:MODE NORM
        :DISP:MODE? | :SYST:POWE? | :SYST:BRIG? | :SYST:CONT?
        """
    ),
    "rs-hmp4040": SUPPLY + STATUS + words(
        """
        INST OUT1 | INST? | INST:SEL OUT2 | INST:NSEL 1 | INST:NSEL? | INST OUTP1 | APPL 5,1 | APPL?
        OUTP:SEL OFF | OUTP:SEL? | OUTP:GEN OFF | OUTP:GEN? | VOLT UP | VOLT DOWN | VOLT:STEP 0.1 | VOLT:STEP?
        CURR:STEP? | CURR UP | VOLT:PROT 10 | VOLT:PROT? | VOLT:PROT:LEV 10 | VOLT:PROT:LEV?
        VOLT:PROT:MODE MEAS | VOLT:PROT:MODE? | VOLT:PROT:TRIP? | VOLT:PROT:CLE | FUSE ON | FUSE?
        FUSE:STAT OFF | FUSE:STAT? | FUSE:TRIP? | FUSE:LINK 2 | FUSE:LINK? 2 | FUSE:UNL 2 | FUSE:DEL 0.1
        FUSE:DEL? | SYST:REM | SYST:MIX | SYST:RWL | SYST:LOC | SYST:BEEP | ARB:DATA 1,1,1 | ARB:REP 1
        ARB:REP? | ARB:STAR 1 | ARB:TRAN 1 | ARB:STOP 1 | ARB:CLE 1 | *SAV 1 | *RCL 1 | MEAS:POW?
        STAT:QUES:INST:ISUM1:COND? | VOLT MAX | VOLT MIN | CURR MIN
        """
    ),
    "siglent-spd1168x": words(
        """
        INST CH1 | INST? | MEAS:VOLT? CH1 | MEAS:CURR? CH1 | MEAS:POWE? CH1 | MEASure:VOLTage? CH1 | MEAS:VOLT?
        MEAS:CURR? | measure:power? ch1 | CH1:VOLT 5 | CH1:VOLT? | CH1:CURR 1 | CH1:CURR? | ch1:voltage?
        CH1:CURRent 0.5 | OUTP CH1,OFF | OUTPut CH1,OFF | SYST:STAT? | SYSTem:STATus? | MODE:SET 2W
        TIME:SET CH1,1,3,0.5,2 | TIME:SET? CH1,1 | TIMEr CH1,OFF | *LOCK | *UNLOCK | *SAV 1 | *RCL 1 | IP?
        IPaddr? | MASK? | GATE? | DHCP? | OUTP:RESE:PROT | OVP 10 | OVP? | OCP 2 | OCP?
        """
    ),
    "siglent-spd3303x": words(
        """
        INST CH1 | INST? | MEAS:VOLT? CH1 | MEAS:CURR? CH2 | MEAS:POWE? CH1 | MEAS:VOLT? | MEASure:POWEr? CH2
        CH1:VOLT 5 | CH2:VOLT? | CH1:VOLTAGE? | CH1:VOLTAGE 5.00 | CH1:CURRENT 1.00 | CH1:CURRENT? | CH1:CURR 1
        CH2:CURR? | OUTP CH1,OFF | OUTP CH3,OFF | OUTPUT CH2,OFF | OUTP:TRACK 0 | OUTP:WAVE CH1,OFF
        TIME:SET CH1,1,3,0.5,2 | TIME:SET? CH1,1 | TIME CH1,OFF | SYST:STAT? | SYSTEM:STATUS? | *LOCK | *UNLOCK
        *SAV 1 | *RCL 1 | IP? | IPaddr? | MASK? | GATE? | DHCP?
        """
    ),
    "itech-it6512c": SUPPLY + STATUS + words(
        """
        SYST:REM | SYST:LOC | SYST:RWL | SYST:BEEP | SYST:BEEP:IMM | SYST:POS? | APPL 5,1 | APPL? | VOLT:PROT 10
        VOLT:PROT? | VOLT:PROT:LEV 10 | VOLT:PROT:STAT ON | VOLT:PROT:STAT? | VOLT:PROT:DEL 0.1 | VOLT:PROT:DEL?
        PROT:TRIG? | PROT:CLE | OUTP:PROT:CLE | CURR:PROT:LEV? | CURR:PROT:STAT? | CURR:PROT:STAT OFF
        VOLT:RISE 0.1 | VOLT:RISE? | VOLT:FALL? | CURR:RISE? | CURR:FALL 0.1 | MEAS:POW? | MEAS:VOLT:DC?
        FETC:VOLT? | FETC:CURR? | FETC:POW? | VOLT:LIM? | CURR:LIM? | VOLT UP | VOLT:STEP 0.1 | VOLT:STEP?
        OUTP:TIM? | OUTP:TIM 10 | OUTP:TIM:DATA? | *SAV 1 | *RCL 1 | SYST:SENS OFF | SYST:SENS? | POW:PROT?
        POW:PROT:STAT? | MEAS? | FETC? | REM:SENS OFF | REM:SENS? | OUTP:STAT? | POW 100 | POW?
        """
    ),
    "tdk-genesys": SUPPLY + STATUS + words(
        """
        SYST:SET REM | SYST:SET? | SYST:SET LLO | SYST:SET LOC | SYSTEM:ERROR? | SYST:ERR:ENAB | INST:NSEL 6
        INST:NSEL? | INST:SEL 6 | VOLT:PROT:LEV 10 | VOLT:PROT:LEV? | VOLT:PROT? | VOLT:PROT:TRIP?
        VOLT:LIM:LOW 0 | VOLT:LIM:LOW? | CURR:PROT:STAT OFF | CURR:PROT:STAT? | CURR:PROT:TRIP? | MEAS:POW?
        OUTP:PON? | OUTP:PON:STAT? | OUTP:PROT:CLE | OUTP:PROT:FOLD? | OUTP:PROT:DEL? | OUTP:PROT:FOLD OFF
        OUTP:MODE? | SOUR:MOD? | SYST:COMM:WATCH:DEL 15 | SYST:COMM:WATCH? | SYST:COMM:WATCH:STAT OFF
        GLOB:OUTP OFF | GLOB:VOLT 0 | GLOB:CURR 0 | INIT:CONT OFF | TRIG:SOUR BUS | TRIG:SOUR? | *SAV 0 | *RCL 0
        SYST:DATE? | DISP? | DISP ON | VOLT:SLEW? | MEAS:VOLT?;CURR?
        """
    ),
    "rigol-dl3021": STATUS + words(
        """
        :FUNC CURR | :FUNC? | :SOUR:FUNC VOLT | :SOUR:FUNCTION? | :FUNC RES | :FUNC POW | :FUNC CURRent
        :FUNC:MODE FIX | :FUNC:MODE? | :SOUR:FUNC:MODE? | :INP OFF | :SOUR:INP:STAT 0 | :SOURCE:INPUT:STATE?
        :INP? | :CURR 1 | :CURR? | :SOUR:CURR:LEV:IMM 1 | :SOURCE:CURRENT:LEVEL:IMMEDIATE? | :CURR:LEV?
        :CURR:RANG 4 | :CURR:RANG? | :CURR:SLEW 0.5 | :CURR:SLEW? | :CURR:SLEW:POS? | :CURR:SLEW:NEG?
        :CURR:SLEW:BOTH 0.5 | :CURR:VON 0 | :CURR:VON? | :CURR:VLIM? | :CURR:ILIM? | :CURR:VLIM 50
        :CURR:ILIM 20 | :VOLT 5 | :VOLT? | :SOUR:VOLT:LEV:IMM 5 | :VOLT:RANG? | :VOLT:ILIM? | :VOLT:VLIM?
        :RES 10 | :RES? | :SOUR:RES:LEV:IMM? | :RES:RANG? | :RES:VLIM? | :RES:ILIM? | :POW 10 | :POW?
        :SOUR:POW:LEV:IMM 10 | :POW:VLIM? | :POW:ILIM? | :MEAS:VOLT? | :MEAS:VOLT:DC? | :MEAS:CURR?
        :MEAS:CURR:DC? | :MEAS:POW? | :MEAS:POW:DC? | :MEAS:RES? | :MEAS:RES:DC? | :MEAS:CAP? | :MEAS:WATT?
        :MEAS:VOLT:MAX? | :MEAS:CURR:MIN? | :FETC:VOLT? | :FETC:CURR:DC? | :FETC:POW? | :FETC:RES?
        :CURR:TRAN:MODE? | :CURR:TRAN:ALEV? | :CURR:TRAN:BLEV 1 | :CURR:TRAN:FREQ? | :TRIG:SOUR BUS
        :TRIG:SOUR? | :TRIG | :SENS? | :SENS:STAT? | :SENS OFF | :INP:STAT OFF | :BATT:LEV? | :BATTary:LEV 1
        :BATT:RANG? | :BATT:VST? | :BATT:CST? | :BATT:VEN? | :LIST:MODE? | :LIST:STEP? | :LIST:COUN? | :OCP:VON?
        :OPP:VON? | :SYST:KEY 33 | :SYST:BEEP OFF | :SYST:REM | :SYST:LOC | *SAV 1 | *RCL 1 | *OPT? | *PSC?
        """
    ),
    "itech-it8512": STATUS + words(
        """
        SYST:RWL | SYST:LOC | SYST:REM | FUNC CURR | FUNC? | FUNC VOLT | FUNC RES | FUNC POW | MODE CURR | MODE?
        FUNC:MODE FIX | FUNC:MODE? | CURR 1 | CURR? | CURR:RANG 3 | CURR:RANG? | CURR:SLEW 0.5
        CURR:SLEW:POS 0.5 | CURR:SLEW:NEG? | CURR:PROT 3 | CURR:PROT? | CURR:PROT:LEV? | CURR:PROT:STAT OFF
        CURR:PROT:STAT? | CURR:PROT:DEL? | VOLT 5 | VOLT? | VOLT:RANG? | VOLT:ON 0 | VOLT:ON? | VOLT:LATC OFF
        VOLT:LATC? | RES 10 | RES? | POW 10 | POW? | POW:PROT? | POW:PROT:STAT? | INP OFF | INP? | INP 0
        INPUT:STATE? | SOUR:INP:STAT OFF | INP:SHOR OFF | INP:SHOR? | INP:TIM:STAT OFF | INP:TIM:DEL?
        MEAS:VOLT? | MEAS:CURR? | MEAS:POW? | MEAS:VOLT:DC? | MEAS:CURR:DC? | FETC:VOLT? | FETC:CURR?
        FETC:POW? | FETC:VOLT:DC? | TRAN OFF | TRAN? | CURR:TRAN:MODE CONT | CURR:TRAN:ALEV 1 | CURR:TRAN:BLEV?
        TRIG:SOUR BUS | TRIG:SOUR? | TRIG | SYST:SENS OFF | SYST:SENS? | REM:SENS? | PROT:CLE | INP:PROT:CLE
        OUTP? | OUTP OFF | *SAV 1 | *RCL 1 | SENS:AVER:COUN?
        """
    ),
    "siglent-sdl1020x": STATUS + words(
        """
        :FUNC CURRENT | :FUNC? | FUNC VOLT | :SOUR:FUNC POWER | :SOURCE:FUNCTION? | :FUNC RES | :FUNC LED
        :FUNC CURR | :FUNC:TRAN CURR | :FUNC:TRAN? | :INPUT OFF | :INP? | SOUR:INP:STAT 0 | :SOUR:INP:STAT?
        :SHOR OFF | :SHOR? | SOUR:SHOR:STAT? | :CURR:LEV:IMM 1 | :CURR:LEV:IMM? | :CURR 1 | :CURR?
        SOUR:CURR:LEV:IMM? | :CURR:IRANG 5 | :CURR:IRANG? | :CURR:VRANG 36 | :CURR:VRANG? | :CURR:SLEW 0.1
        :CURR:SLEW:POS? | :CURR:SLEW:NEG 0.1 | :VOLT:LEV:IMM 5 | :VOLT:LEV:IMM? | :VOLT:IRANG? | :VOLT:VRANG?
        :POW:LEV:IMM 10 | :POW:LEV:IMM? | :POW:IRANG? | :RES:LEV:IMM 10 | :RES:LEV:IMM? | :RES:RRANG?
        :RES:IRANG? | :MEAS:VOLT? | :MEAS:VOLT:DC? | :MEAS:CURR? | :MEAS:CURR:DC? | :MEAS:POW? | :MEAS:POW:DC?
        :MEAS:RES? | :MEAS:RES:DC? | :SYST:SENS OFF | :SYST:SENS? | :CURR:PROT:STAT OFF | :CURR:PROT:STAT?
        :CURR:PROT:LEV 5 | :CURR:PROT:LEV? | :CURR:PROT:DEL? | :POW:PROT:STAT? | :POW:PROT:LEV? | :TRIG:SOUR BUS
        :TRIG:SOUR? | STOP:ON:FAIL? | :BATT? | :BATT:LEV? | :BATT:MODE? | :BATT:FUNC | :BATT:VOLT? | :BATT:CAP?
        :BATT:TIM? | :BATT:DISCHA:CAPA? | :BATT:DISCHA:TIME? | :LIST:STEP? | :VOLT:LATC? | :VOLT:ON?
        :VOLTAGE:LEVEL:ON? | :SENS:AVER:COUN? | :CURR:TRAN:ALEV? | :CURR:TRAN:MODE? | *SAV 1 | *RCL 1
        """
    ),
    "keysight-34461a": STATUS + words(
        """
        MEAS:VOLT:DC? | MEAS:VOLT:DC? 10,0.001 | MEAS:VOLT:DC? AUTO | MEAS:VOLT:DC? DEF,DEF | MEAS:VOLT:AC?
        MEAS:CURR:DC? | MEAS:CURR:AC? | MEAS:RES? | MEAS:FRES? 1000 | MEAS:FREQ? | MEAS:PER? | MEAS:CONT?
        MEAS:DIOD? | MEAS:CAP? | MEAS:TEMP? RTD,85 | MEAS:TEMP? FRTD | CONF:VOLT:DC 10,0.001 | CONF?
        CONF:VOLT:DC | CONF:RES 1000 | CONF:VOLT:DC 10 | READ? | INIT | FETC? | SENS:FUNC "VOLT:DC" | FUNC?
        FUNC 'VOLT:DC' | FUNC "VOLT" | SENS:VOLT:DC:RANG 10 | VOLT:DC:RANG? | VOLT:RANG:AUTO ON
        VOLT:DC:RANG:AUTO? | VOLT:DC:NPLC 1 | VOLT:NPLC? | SENS:VOLT:DC:NPLC? | VOLT:DC:RES?
        VOLT:DC:IMP:AUTO ON | VOLT:IMP:AUTO? | VOLT:DC:ZERO:AUTO ON | VOLT:ZERO:AUTO? | VOLT:DC:NULL:STAT OFF
        VOLT:NULL? | VOLT:DC:NULL:VAL? | ZERO:AUTO? | TRIG:SOUR IMM | TRIG:SOUR? | TRIG:COUN 1 | TRIG:COUN?
        TRIG:DEL 0 | TRIG:DEL? | TRIG:DEL:AUTO? | TRIG:SLOP? | SAMP:COUN 1 | SAMP:COUN? | SAMP:SOUR? | SAMP:TIM?
        CALC:AVER:AVER? | CALC:AVER:STAT ON | CALC:AVER:ALL? | CALC:AVER:MAX? | CALC:AVER:CLE
        CALC:AVER:STAT OFF | CALC:LIM:LOW? | CALC:LIM:STAT? | CALC:SCAL:STAT? | DATA:POIN? | DATA:LAST? | R?
        DISP ON | DISP? | DISP:TEXT "x" | DISP:TEXT? | DISP:TEXT:CLE | DISP:VIEW NUM | DISP:VIEW? | SYST:BEEP
        SYST:BEEP:STAT OFF | SYST:BEEP:STAT? | SYST:LOC | SYST:REM | SYST:RWL | SYST:DATE? | SYST:TIME?
        SYST:LAB? | SYST:LFR? | SYST:PRES | SYST:TEMP? | SYST:UPT? | ROUT:TERM? | UNIT:TEMP C | UNIT:TEMP?
        FORM:DATA ASC | FORM? | FORM:BORD? | OUTP:TRIG:SLOP? | *OPT? | *SAV 1 | *RCL 1 | RES:RANG? | RES:NPLC?
        FRES:RANG? | CURR:DC:RANG? | CURR:NPLC? | CURR:TERM? | FREQ:APER? | VOLT:AC:BAND? | VOLT:AC:RANG?
        TEMP:TRAN:TYPE? | CAL:COUN? | CAL:STR? | ABOR | SYST:COMM:LAN:HOST? | SYST:COMM:LAN:IPAD?
        """
    ),
    "keysight-daq970a": STATUS + SCANNER + words(
        """
        ROUT:CHAN:LAB "x",(@101) | ROUT:CHAN:LAB? (@101) | ROUT:OPEN? (@101) | R? | SYST:BEEP | SYST:PRES | INST:DMM:INST?
        """
    ),
    "keysight-34970a": STATUS + SCANNER,
    "watlow-f4t": words(
        """
        *IDN? | :SOURCE:CLOOP1:PVALUE? | :SOURCE:CLOOP1:SPOINT 25 | :SOURCE:CLOOP1:SPOINT?
        :SOUR:CLOOP1:PVALUE? | :source:cloop1:spoint? | SOURCE:CLOOP1:SPOINT 25.5 | :SOURCE:CLOOP1:RACTION OFF
        :SOURCE:CLOOP1:RACTION? | :SOURCE:CLOOP1:RRATE 1 | :SOURCE:CLOOP1:RRATE? | :SOURCE:CLOOP1:RTIME?
        :SOURCE:CLOOP1:RSCALE MINUTES | :SOURCE:CLOOP1:RSCALE? | :SOURCE:CLOOP1:ERROR? | :OUTPUT1:STATE?
        :OUTPUT1:STATE OFF | :OUTPUT2:STATE? | :PROGRAM:NUMBER 1 | :PROGRAM:NUMBER? | :PROGRAM:NAME?
        :PROGRAM:SELECTED:STATE? | :PROGRAM:SELECTED:STATE STOP | :UNITS:TEMPERATURE? | :UNIT:TEMPERATURE?
        """
    ),
}


def asks(word):
    """Whether a word must be answered; a question mark in a text is none."""
    return "?" in re.sub(r'"[^"]*"', "", word)


def body(client):
    plain = client.model == "watlow-f4t"
    words = WORDS[client.model] if plain else COMMON + WORDS[client.model]
    clean = re.compile(r"^[+ ]*0\b")

    def connect():
        line = socket.create_connection((client.host, client.port), timeout=0.7)
        return line, line.makefile("rb")

    line, stream = connect()

    def ask(text):
        line.sendall(text.encode() + b"\n")
        try:
            return stream.readline().decode().strip()
        except TimeoutError:
            return None

    for word in words:
        got = None
        if asks(word):
            got = ask(word)
            if got is None:
                line.close()
                line, stream = connect()
        else:
            line.sendall(word.encode() + b"\n")
        error = ask("SYST:ERR?") or ""
        client.check(word, clean.match(error) and (got is not None or not asks(word)), f"-> {got!r}, {error}")
        while error and not clean.match(error):
            error = ask("SYST:ERR?")


client = Client("plain words")
client.name = f"plain words to {client.model}"
client.run(body)
